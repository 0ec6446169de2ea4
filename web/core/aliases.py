"""Words for visitors at the desk: 'Wilg-12'. Trees, waters and weather; nothing that is a name or says something."""

ALIASES = (
    "Wilg", "Duin", "Kade", "Iep", "Kreek", "Linde", "Beek", "Heide", "Berk", "Haven", "Es", "Zand",
    "Olm", "Dijk", "Riet", "Polder", "Beuk", "Golf", "Vlier", "Brug", "Wolk", "Mos", "Strand", "Veld",
)  # fmt: skip
