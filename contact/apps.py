from django.apps import AppConfig


class ContactConfig(AppConfig):
    """Enquiries: the form, who gets them, and the mail about them."""

    name = "contact"
    verbose_name = "Enquiries"

    def ready(self) -> None:
        from contact import mail
        from outbox.envelope import register

        register(mail.NOTICE, mail.notice)
        register(mail.ALARM, mail.alarm)
        register(mail.ACKNOWLEDGEMENT, mail.acknowledgement)
