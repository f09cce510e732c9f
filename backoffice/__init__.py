"""The staff's frame, as `govuk` is the readers': what the admin pages of several apps share.

Steps of a row as pages with a button, the history of rows, what nobody may do by hand, rows to
check from time to time. What only one app's admin needs stays in that app. It has no tables, and
knows nothing of the other apps.
"""
