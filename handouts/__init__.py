"""IPT Handouts: content in one language, catalogs and a clinic's facts become handouts.

    sources → page → checks → pdf | mail → library → cluster → site → sending → serving → workbench → desk → verify → cli

The ground (the modules here) belongs to every stage: the frozen nouns, problems, markup, files.
sources: what people wrote, read once. page: a handout in a locale becomes HTML or text. checks: what is wrong in the
sources. pdf: HTML becomes an exact, tagged PDF; `pdf/exact` is the one door to WeasyPrint's insides. mail: HTML becomes
an e-mail. library: a choice becomes files on disk. cluster: jobs go to many machines. site: what lies there becomes a
gallery to choose from, and one file to take away. sending: e-mails are sent, none twice, and copies made for the people of a list. serving: web pages for a browser.
workbench: a translator's tools. desk: the front desk in a browser.
verify: finished files are read back. cli: the command line.
A module imports from its own stage and from those named before it here, never from one after (tests/test_design.py).
Every noun is explained in docs/concepts.md.
"""

__version__ = "0.1.0"
