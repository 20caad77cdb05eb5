"""The only door to WeasyPrint's insides: exact text, tags, painting order, claims.

To use it with a WeasyPrint of your own: copy this folder with `handouts/breaks.py`, call `install.install()` once
in the process, render a page with `HTML(...).render(pdf_variant=claims.VARIANT)`, and write it with
`claims.write(document, identifier)`. The PDF then keeps PDF/UA-1 and PDF/A-2a and claims both, and search, copy and
screen readers get the words that were set, in any script. What stock WeasyPrint can and this cannot (colour
glyphs, ellipses, form fields, merged cells, elements that nobody has named in `tags.ROLES`) is told in the table of
`install.REPLACED`. Where the boxes of a page stand is asked of `boxes`.
"""
