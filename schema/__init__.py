"""The vocabulary of the API: types, inputs, enums, payloads, errors, scalars. No storage, no resolver."""
