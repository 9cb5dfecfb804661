"""What the author wrote, as frozen trees. Nothing is resolved or typed yet.

Every node carries its `span`, keyword-only and out of equality, so that two trees are equal when they
say the same, wherever it stands. Where one thing can be said in several words, the words are kept, out of
equality as well: with them a tree holds every word of its source.

There is one module for each topic of the language; the modules of `build` that make these nodes are called alike.
Whoever walks a tree finds all of them here, as `tree.Clause` or `tree.Expr`.
"""

from policy_lang.syntax.tree.amendments import *
from policy_lang.syntax.tree.basics import *
from policy_lang.syntax.tree.case_tables import *
from policy_lang.syntax.tree.clauses import *
from policy_lang.syntax.tree.definitions import *
from policy_lang.syntax.tree.expectations import *
from policy_lang.syntax.tree.expressions import *
from policy_lang.syntax.tree.files import *
from policy_lang.syntax.tree.given import *
from policy_lang.syntax.tree.instruments import *
from policy_lang.syntax.tree.literals import *
from policy_lang.syntax.tree.parts import *
from policy_lang.syntax.tree.properties import *
from policy_lang.syntax.tree.rules import *
from policy_lang.syntax.tree.scenarios import *
from policy_lang.syntax.tree.types import *
