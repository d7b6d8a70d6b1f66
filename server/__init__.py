"""The edge: settings, processes, pools and services; the only room that reads the environment."""
