"""The writes of enquiries: taking them in, handling them, and letting them go."""
