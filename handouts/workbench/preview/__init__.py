"""The preview: a web page on this machine that shows a handout as it is being translated.

`rendering` makes what is shown, `state` knows the sources as they are now, `watch` hears of every save, `routes`
answers the browser, and `server` puts them together.
"""
