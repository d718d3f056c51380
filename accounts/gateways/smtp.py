"""E-mail by SMTP (SMTP_URL). There are no receipts: the server's acceptance counts as delivery."""

import smtplib
from collections.abc import Sequence

from django.core.mail import EmailMultiAlternatives

from accounts.gateways.base import Attached, Delivery, GatewayError


class SmtpMail:
    """Django's e-mail backend, with text and HTML side by side."""

    def send(
        self, destination: str, subject: str, text: str, html: str = "", attachments: Sequence[Attached] = ()
    ) -> Delivery:
        letter = EmailMultiAlternatives(subject, text, to=[destination])
        if html:
            letter.attach_alternative(html, "text/html")
        for attached in attachments:
            letter.attach(attached.name, attached.content, attached.content_type)
        try:
            letter.send()
        except smtplib.SMTPRecipientsRefused as error:
            if _is_final(error):
                return Delivery("refused", str(error))
            raise GatewayError(str(error)) from error
        except (smtplib.SMTPException, OSError) as error:
            raise GatewayError(str(error)) from error
        return Delivery("delivered")


def _is_final(error: smtplib.SMTPRecipientsRefused) -> bool:
    """5xx: no such mailbox. 4xx: a server that asks to come back later."""
    return all(code >= 500 for code, _ in error.recipients.values())
