"""The sender's form, and the forms of staff who handle an enquiry."""
