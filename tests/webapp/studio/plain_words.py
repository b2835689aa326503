"""Whether a sentence is one for people who draw processes and know no program."""

import re

# words of the format, of programs and of the notation; a process owner has never met them
FOREIGN = re.compile(
    r"zeebe|xml|bpmn|feel\b|\biso\b|json|attribut|\bids?\b|\bnode|gateway|flows?\b|boundary|sub-?process|activity"
    r"|(service|script|user|send|receive) task|event-based|throw|catch\b|token|null|none\b|default|parameter|argument"
    r"|operand|schema|syntax|pars(e|er|ing)\b|exception|traceback|propert|extension|definition|reference|\bcode\b"
    r"|шлюз|поток|граничн|подпроцесс|идентификатор|атрибут|параметр|аргумент|служебн|узел|схеме xml|синтаксис|свойств"
    r"|определени|ссылк[аи] на|по умолчанию|токен|\bкод\b",
    re.IGNORECASE,
)
KEY = re.compile(r"\w[_/.]\w|[a-z][A-Z]|[=<>{}]|\bP\d*T?\d|\?\?|“\?”|«\?»")  # ids, keys, names of classes, ISO, gaps
TO_DO = {
    "en": "Add Begin Change Choose Clear Connect Correct Delete Draw Give Keep Lead Open Put Remove Save Say Set Split "
    "Take Write",
    "ru": "Вынесите Выберите Выньте Дайте Добавьте Задайте Измените Исправьте Напишите Нарисуйте Начните Оставьте "
    "Очистите Поставьте Проведите проведите Разделите Соедините Сохраните Уберите уберите Удалите Укажите",
}


def objections(sentence: str, language: str, own: str = "") -> list[str]:
    """Why a sentence is none for people who draw processes; `own` words of the drawing may be quoted."""
    said = sentence
    for word in filter(None, own.split("|")):
        said = said.replace(word, "…")
    found = [f"{pattern}: {hit[0]}" for pattern in (FOREIGN, KEY) if (hit := pattern.search(said))]
    if not set(re.findall(r"\w+", sentence)) & set(TO_DO[language].split()):
        found.append("does not say what to do")
    if language == "ru" and re.search(r"[a-z]{3}", said.replace("Modeler", "").replace("UTF", "")):
        found.append("is not in Russian")
    return found
