"""From a template and its content to a page of HTML. What it reads from outside is frozen with the content."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flask_babel import gettext, pgettext
from jinja2 import DictLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from webapp.core.i18n import say_in

MAIN = "paper.html"
CONTEXT = "\x04"


@dataclass(frozen=True)
class Head:
    """What is true of one printing: number, day, and for the foot of the page by whom and when."""

    number: str
    dated: str
    edition: int = 1
    printed_at: str = ""
    printed_by: str = ""
    draft: bool = True  # the template is as shipped: nobody here has approved its legal text yet


@dataclass
class Words:
    """The template's own words in one language. The first rendering learns them, later ones use what was learnt."""

    language: str
    known: dict[str, str] = field(default_factory=dict)
    frozen: bool = False

    def say(self, text: str, **values: object) -> str:
        found = self._find(text, lambda: gettext(text))
        return found % values if values else found

    def say_of(self, context: str, text: str) -> str:
        return self._find(f"{context}{CONTEXT}{text}", lambda: pgettext(context, text))

    def _find(self, key: str, translate: Callable[[], str]) -> str:
        if key not in self.known and not self.frozen:
            with say_in(self.language):
                self.known[key] = translate()
        return self.known.get(key, key.rpartition(CONTEXT)[2])


def render(files: Mapping[str, str], content: Mapping[str, object], head: Head, words: Words) -> str:
    """The whole page. Raises jinja2.TemplateError when the template asks for what the content has not."""
    environment = SandboxedEnvironment(
        loader=DictLoader(dict(files)),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.globals.update(_=words.say, pgettext=words.say_of, language=words.language)
    return environment.get_template(MAIN).render(**content, head=head)
