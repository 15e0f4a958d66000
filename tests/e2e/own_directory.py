"""A directory of one's own: three providers in two files."""

from __future__ import annotations

from pathlib import Path

PROVIDERS = """provider_id,name,category,country,city,summary,summary_language
lung,Lungenlabor Essen,technology,DE,Essen,"Inhalation toxicology under GLP, with lung models on a chip.",en
fill,Remplissage Mons,technology,BE,Mons,"Ligne de remplissage aseptique pour lots cliniques de vaccins.",fr
seed,Frøkapital,finance,DK,Aarhus,"Venturekapital til medicinsk udstyr i den første runde.",da
"""
EVIDENCE = """provider_id,kind,title,year,reference
lung,project,"Aerosol toxicology of nanoparticles in human lung tissue",2023,https://example.org/1
fill,project,"Pandemic vaccine filling",2021,https://example.org/2
"""


def write_directory(folder: Path, providers: str = PROVIDERS, evidence: str = EVIDENCE) -> tuple[Path, Path]:
    """The two files in that folder."""
    files = folder / "own-providers.csv", folder / "own-evidence.csv"
    for file, content in zip(files, (providers, evidence), strict=True):
        file.write_text(content, encoding="utf-8")
    return files
