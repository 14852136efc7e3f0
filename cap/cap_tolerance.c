/* The table of tolerances. */
#include "cap/cap_tolerance.h"

#include "base/translate.h"

const struct cap_tolerance_row cap_tolerances[CAP_FORGIVEN_COUNT] = {
    [CAP_FORGIVEN_NOT_DECLARED_UTF8] = {"the bytes are UTF-8, declared is",
                                        "read as UTF-8"},
    [CAP_FORGIVEN_NOT_DECLARED_GB] = {"the bytes are Chinese of GB 18030, "
                                      "declared is",
                                      "read as GB 18030"},
    [CAP_FORGIVEN_EURO] = {"byte 80 of code page 936", "read as €"},
    [CAP_FORGIVEN_WIDE_SPACE] = {"bytes A3A0 of GBK",
                                 "read as an ideographic space"},
    [CAP_FORGIVEN_USER_DEFINED] = {"user-defined characters",
                                   "kept, but no font has them"},
    [CAP_FORGIVEN_NO_NAMESPACE] = {"no namespace",
                                   "the elements tell which dialect it is"},
    [CAP_FORGIVEN_SAYS_NOTHING] = {"it says nothing", "counts as absent"},
    [CAP_FORGIVEN_MISSING] = {"missing or empty", "counts as unknown"},
    [CAP_FORGIVEN_TWICE_JOINED] = {"it stands there more than once",
                                   "the texts are joined"},
    [CAP_FORGIVEN_TWICE_FIRST] = {"it stands there more than once",
                                  "the first one counts"},
    [CAP_FORGIVEN_TOO_MANY] = {"there are too many or too long ones",
                               "not used, so the rest is read over"},
    [CAP_FORGIVEN_ODD_UNUSED] = {"not as the standard has it",
                                 "not used, so read over"},
    [CAP_FORGIVEN_TIME_FORM] = {"a time in another form",
                                "taken, as it is unambiguous"},
    [CAP_FORGIVEN_TIME_OFFSET] = {"a time without offset",
                                  "taken in the time zone of the message"},
    [CAP_FORGIVEN_TIME_NONE] = {"no time", "counts as absent"},
    [CAP_FORGIVEN_MARKUP] = {"markup of HTML", "its text is kept"},
    [CAP_FORGIVEN_ESCAPED] = {"escaped HTML", "unescaped once"},
    [CAP_FORGIVEN_FOREIGN] = {"it holds the foreign element",
                              "the whole text is left out, lest words of it "
                              "are lost"},
    [CAP_FORGIVEN_WRAPPED] = {"lines broken at a fixed width",
                              "joined to paragraphs"},
    [CAP_FORGIVEN_SEVERITY_WORD] = {"a level in other words", "taken"},
    [CAP_FORGIVEN_SEVERITY_HEADLINE] = {"no level that can be read",
                                        "taken from the headline"},
    [CAP_FORGIVEN_OFFICER] = {"the name of a person or of an account",
                              "the office is taken from the headline or from "
                              "sender"},
    [CAP_FORGIVEN_CODE_NAME] = {"no known name of an area code",
                                "taken, as the code is a national one"},
    [CAP_FORGIVEN_PAIR] = {"name and value as CAP 1.2 has them",
                           "the codes in value are taken"},
    [CAP_FORGIVEN_REFERENCE] = {"a reference without its sender",
                                "taken as one of the same sender"},
};

void cap_forgive(struct cap_notes *notes, enum cap_tolerance what,
                 const char *where, const char *found)
{
    const struct cap_tolerance_row *row = &cap_tolerances[what];

    if (found)
        cap_notes_add(notes, "forgiven: %s: %s «%.60s»: %s", where,
                      tr(row->odd), found, tr(row->taken));
    else
        cap_notes_add(notes, "forgiven: %s: %s: %s", where, tr(row->odd),
                      tr(row->taken));
}
