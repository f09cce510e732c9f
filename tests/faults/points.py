"""Where the site's processes can be struck."""

# Where a web process can be killed on its way through a request, and its disk be full.
BEFORE_COMMIT = ("at entry", "before commit")
AFTER_COMMIT = ("after commit", "before reply")
DISK_FULL = "disk full"

# Where a worker can be, in the order in which it gets there with each message.
BEFORE_SENDING = ("inside claim", "claimed")
ACCEPTED = "accepted"  # The server has said 250; the journal does not know.
BEFORE_MARK = ("noted", "before mark", "inside mark")
MARKED = "marked"
