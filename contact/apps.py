from functools import partial

from django.apps import AppConfig


class ContactConfig(AppConfig):
    """Enquiries: the form, who gets them, and the mail about them."""

    name = "contact"
    verbose_name = "Enquiries"

    def ready(self) -> None:
        from contact import mail
        from contact.actions.alarms import mail_came_back
        from contact.models import Event
        from outbox.kinds import register

        notice_bounced = partial(mail_came_back, kind=Event.Kind.NOTICE_BOUNCED)
        reply_bounced = partial(mail_came_back, kind=Event.Kind.REPLY_BOUNCED)
        register(mail.NOTICE, mail.notice, on_failure=notice_bounced)
        register(mail.ALARM, mail.alarm)
        register(mail.EVENT, mail.event)
        register(mail.ACKNOWLEDGEMENT, mail.acknowledgement, on_failure=reply_bounced)
        register(mail.REFERRAL, mail.referral, on_failure=reply_bounced)
