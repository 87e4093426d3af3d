"""Files that likely ones import, or lie beside, are suspected a little more."""

import numpy as np
from support.shelf import Shelf

from loopcutter_retrieval.index import Index
from loopcutter_retrieval.related import beside, imported
from loopcutter_retrieval.resolver import Resolver

FILES = {
    "app/__init__.py": b"",
    "app/view.py": b"import os\n\nfrom . import model\nfrom app.form import Form\nfrom app.form import clean\n",
    "app/model.py": b"x = 1\n",
    "app/form.py": b"class Form:\n    pass\n\n\ndef clean():\n    pass\n",
    "lib/far.py": b"import app.model\n",
}


def test_what_a_likely_file_imports_shares_its_likelihood(shelf: Shelf, index: Index) -> None:
    corpus = shelf.library.corpus(shelf.tree(FILES))
    likely = np.array([float(file.path == "app/view.py") for file in corpus.files])
    found = imported(Resolver(corpus, index), likely)
    assert {file.path: worth for file, worth in zip(corpus.files, found.tolist(), strict=True) if worth} == {
        "app/form.py": 0.5,
        "app/model.py": 0.5,
    }


def test_what_lies_in_the_folder_of_a_likely_file_is_beside_it(shelf: Shelf) -> None:
    corpus = shelf.library.corpus(shelf.tree(FILES))
    found = beside(corpus, np.array([float(file.path == "app/view.py") for file in corpus.files]))
    assert {file.path for file, worth in zip(corpus.files, found.tolist(), strict=True) if worth} == {
        "app/__init__.py",
        "app/form.py",
        "app/model.py",
    }
