"""GOV.UK's formats: content items, the HTML of their bodies, Govspeak."""
