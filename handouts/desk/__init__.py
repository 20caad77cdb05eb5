"""The front desk: a web page for people who never see a terminal, at which a handout is found, shown, and printed.

`counter` knows what a place hands out as the sources are now, `sessions` who may ask, `answering` how, `screens` makes the pages, `routes`
answers a browser, `record` notes what was given, and `application` puts them together.
"""
