"""Components and forms in the GOV.UK Design System's markup, in our own colours and type."""
