"""What the offices filed, by period, place, procedure and channel: read from the tallies, never by
counting dossiers. Docs: docs/decisions/0010 to 0014."""
