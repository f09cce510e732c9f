from django.apps import AppConfig


class RegionsConfig(AppConfig):
    """Regions, their areas, the names that people type, posts and co-ordinators."""

    name = "regions"

    def ready(self) -> None:
        from outbox.kinds import register
        from regions import mail
        from regions.actions import pointing

        register(mail.POST_CHANGED, mail.post_changed, on_failure=pointing.change_not_told)
