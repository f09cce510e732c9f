"""The writes of regions: what every site has, national files, contacts, names not found."""
