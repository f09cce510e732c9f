from django.apps import AppConfig


class ContactConfig(AppConfig):
    """Enquiries: the form, who gets them, and the mail about them."""

    name = "contact"
    verbose_name = "Enquiries"

    def ready(self) -> None:
        from contact import mail
        from contact.actions.alarms import (
            notice_came_back,
            reply_came_back,
        )
        from outbox.envelope import register

        register(mail.NOTICE, mail.notice, bounced=notice_came_back)
        register(mail.ALARM, mail.alarm)
        register(mail.EVENT, mail.event)
        register(mail.ACKNOWLEDGEMENT, mail.acknowledgement, bounced=reply_came_back)
        register(mail.REFERRAL, mail.referral, bounced=reply_came_back)
