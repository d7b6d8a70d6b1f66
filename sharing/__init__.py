"""The product itself, pure: values in, plans out. No I/O, no clock, no randomness, no framework."""
