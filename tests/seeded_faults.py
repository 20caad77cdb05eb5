"""Faults as translators make them, one of each kind: what is right, what is wrong, and the code it must be told by."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Seeded:
    """A message, its right translation, and one with a fault. `code` is that of its problem, empty where no machine sees it."""

    name: str
    locale: str
    english: str
    right: str
    wrong: str
    code: str
    severity: str = "error"
    safety: bool = False
    limit: int = 0


PHONE = "Large print? Call us: {number}"
MEDICARE = "At most 10 single and 10 group sessions a calendar year. Ask what you will pay."
SOURCED = "It has helped many people with depression.[@cuijpers2016]"
BOLD = "**Your next step:** ask your doctor if IPT could suit you."
TRIALS = "This review of 90 trials with 11,434 people found that IPT helped."

FAULTS = (
    Seeded("placeholder dropped", "es", PHONE, "¿Letra grande? Llámenos: {number}", "¿Letra grande? Llámenos.", "placeholder-missing"),
    Seeded("placeholder renamed", "es", PHONE, "¿Letra grande? Llámenos: {number}", "¿Letra grande? Llámenos: {número}", "placeholder-missing"),
    Seeded("placeholder twice", "es", PHONE, "¿Letra grande? Llámenos: {number}", "¿Letra grande? {number} Llámenos: {number}", "placeholder-added"),
    Seeded("citation dropped", "es", SOURCED, "Ha ayudado a muchas personas con depresión.[@cuijpers2016]", "Ha ayudado a muchas personas con depresión.", "citation-missing"),
    Seeded("citation of another work", "es", SOURCED, "Ha ayudado a muchas personas con depresión.[@cuijpers2016]", "Ha ayudado a muchas personas con depresión.[@cuijpers2011]", "citation-missing"),
    Seeded("link leads elsewhere", "es", "Read [more](https://www.example.org/a) there.", "Lea [más](https://www.example.org/a) allí.", "Lea [más](https://www.example.org/b) allí.", "link-missing"),
    Seeded("HTML pasted in", "vi", BOLD, "**Bước tiếp theo của quý vị:** hãy hỏi bác sĩ xem IPT có hợp với bạn không.", "<b>Bước tiếp theo của quý vị:</b> hãy hỏi bác sĩ xem IPT có hợp với bạn không.", "html-in-text"),
    Seeded("bold lost", "es", BOLD, "**Su próximo paso:** pregunte a su médico si la IPT podría convenirle.", "Su próximo paso: pregunte a su médico si la IPT podría convenirle.", "emphasis-changed"),
    Seeded("bold left open", "es", BOLD, "**Su próximo paso:** pregunte a su médico si la IPT podría convenirle.", "**Su próximo paso: pregunte a su médico si la IPT podría convenirle.", "mark-not-closed"),
    Seeded("space at the end", "es", "In short", "En resumen", "En resumen ", "text-untrimmed"),
    Seeded("line end inside", "es", "In short", "En resumen", "En\nresumen", "text-untrimmed"),
    Seeded("mark of direction", "ar", "Open: {hours}", "مواعيد العمل: {hours}", "\u200fمواعيد العمل: {hours}", "invisible-character"),
    Seeded("zero-width space", "es", "In short", "En resumen", "En re\u200bsumen", "invisible-character"),
    Seeded("joiner in Latin", "es", "In short", "En resumen", "En re\u200dsumen", "invisible-character"),
    Seeded("Cyrillic letters in a Latin word", "es", "In short", "En resumen", "En r\u0435sum\u0435n", "mixed-scripts"),
    Seeded("Latin letter in a Greek word", "el", "Mood", "Διάθεση", "Διάθεσ\u0068", "mixed-scripts"),
    Seeded("number changed", "es", MEDICARE, "Como máximo, 10 sesiones individuales y 10 de grupo por año calendario. Pregunte cuánto pagará.", "Como máximo, 10 sesiones individuales y 12 de grupo por año calendario. Pregunte cuánto pagará.", "number-changed", "warning"),
    Seeded("number changed, Devanagari digits", "ne", TRIALS, "११,४३४ जनामाथि गरिएका ९० परीक्षणको यो समीक्षाले IPT ले मद्दत गरेको पायो।", "११,३४४ जनामाथि गरिएका ९० परीक्षणको यो समीक्षाले IPT ले मद्दत गरेको पायो।", "number-changed", "warning"),
    Seeded("number in a safety text", "es", "Call 3 times.", "Llame 3 veces.", "Llame 2 veces.", "number-changed", safety=True),
    Seeded("phone number typed in", "es", "Call now. You do not need to be sure.", "Llame ahora. No hace falta estar seguro.", "Llame ahora al 13 11 14. No hace falta estar seguro.", "phone-number-typed"),
    Seeded("phone number in Arabic digits", "ar", "Call now.", "اتصل الآن.", "اتصل الآن: ١٣ ١١ ١٤٢.", "phone-number-typed"),
    Seeded("e-mail address changed", "es", "Write to help@clinic.example today.", "Escriba a help@clinic.example hoy.", "Escriba a ayuda@clinic.example hoy.", "address-changed"),
    Seeded("wrong conversion", "es", "References", "Referencias y lecturas", "Referencias y mÃ©todos", "mojibake"),
    Seeded("left in English", "es", "It does not help everyone.", "No ayuda a todas las personas.", "It does not help everyone.", "untranslated", "warning"),
    Seeded("half left in English", "es", "The therapist does not judge you or tell you what to think.", "El terapeuta no juzga ni le dice qué pensar.", "El terapeuta no juzga or tell you what to think.", "partly-untranslated", "warning"),
    Seeded("sentence missing", "es", "Problems with other people can lead to depression. Solving them can help you get well. Even if something else is the cause, solving them may still help.", "Los problemas con otras personas pueden llevar a la depresión. Resolverlos puede ayudarle a recuperarse. Aunque la causa sea otra, resolverlos también puede ayudar.", "Los problemas pueden llevar a la depresión.", "unusual-length", "warning"),
    Seeded("two spaces", "es", "Ask your clinic about it.", "Pregunte a su clínica.", "Pregunte  a su clínica.", "double-space", "warning"),
    Seeded("another language", "hi", "Who is close to you?", "आपके करीब कौन है?", "من القريب منك؟", "wrong-script", "warning"),
    Seeded("Simplified in Traditional", "zh-Hant", "The sessions", "會談", "会谈过程", "other-chinese", "warning"),
    Seeded("Traditional in Simplified", "zh-Hans", "The sessions", "会谈", "會談過程", "other-chinese", "warning"),
    Seeded("question became a statement", "es", "Does IPT suit me? What else could help?", "¿Me conviene la IPT? ¿Qué más podría ayudar?", "La IPT me conviene. Hay más que ayuda.", "end-mark-changed", "warning"),
    Seeded("Latin question mark in Arabic", "ar", "Does it help?", "هل يساعد؟", "هل يساعد?", "foreign-mark", "warning"),
    Seeded("word twice", "es", "You work on it and try things out.", "Usted trabaja en ello y prueba cosas.", "Usted trabaja en en ello y prueba cosas.", "repeated-word", "warning"),
    Seeded("bracket left open", "es", "Interpersonal therapy (IPT)", "Terapia interpersonal (IPT)", "Terapia interpersonal (IPT", "unpaired-bracket", "warning"),
    Seeded("begins small", "es", "It does not help everyone.", "No ayuda a todas las personas.", "no ayuda a todas las personas.", "capital-lost", "warning"),
    Seeded("loose accent", "vi", "Mood", "Tâm trạng", "Ta\u0302m trạng", "decomposed-text"),
    Seeded("term wanders", "es", "You meet a trained therapist.", "Usted ve a un terapeuta capacitado.", "Usted ve a un médico capacitado.", "glossary-term-missing", "warning"),
    Seeded("too long for its place", "es", "Less close", "Menos cerca", "Personas menos cercanas", "too-long", "warning", limit=16),
    # What no machine sees; a person must. They are here so that the table is honest.
    Seeded("a “not” lost", "es", "The therapist does not judge you.", "El terapeuta no le juzga.", "El terapeuta le juzga.", ""),
    Seeded("stronger than the English", "es", "Solving them may still help.", "Resolverlos también puede ayudar.", "Resolverlos siempre ayuda.", ""),
    Seeded("who does it to whom", "es", "You agree on the number first.", "Usted y el terapeuta acuerdan primero cuántas.", "El terapeuta decide primero cuántas.", ""),
)  # fmt: skip
