"""What people and programs should not send: none of it is a fault of ours, none is half done.

One module for each paragraph of the catalogue. `surfaces` knows every route and every page.
"""
