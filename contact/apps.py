from django.apps import AppConfig


class ContactConfig(AppConfig):
    """Enquiries: the form, who gets them, and the mail about them."""

    name = "contact"
    verbose_name = "Enquiries"

    def ready(self) -> None:
        from contact import list_mail, mail
        from contact.actions import failures, lists
        from outbox.kinds import register

        register(mail.NOTICE, mail.notice, on_failure=failures.notice_failed)
        register(mail.ALARM, mail.alarm, on_failure=failures.alarm_failed)
        register(mail.EVENT, mail.event, on_failure=failures.event_failed)
        register(
            mail.ACKNOWLEDGEMENT, mail.acknowledgement, on_failure=failures.acknowledgement_failed
        )
        register(mail.REFERRAL, mail.referral, on_failure=failures.referral_failed)
        register(mail.NOTICE_LIST, list_mail.notice_list, on_failure=lists.list_failed)
        register(mail.LIST_ALARM, list_mail.list_alarm, on_failure=lists.list_alarm_failed)
