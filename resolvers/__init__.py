"""How a field is answered: thin doors that read models and call actions."""
