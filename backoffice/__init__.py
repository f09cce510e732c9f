"""The staff's frame: what the admin pages of every app share."""
