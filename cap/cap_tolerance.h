/* The table of oddities in the files of warning centres that are forgiven, and
 * how each is read. docs/cap.md has the reasons. Internal to cap/. */
#ifndef GAOSHI_CAP_CAP_TOLERANCE_H
#define GAOSHI_CAP_CAP_TOLERANCE_H

#include "cap/cap.h"

enum cap_tolerance {
    CAP_FORGIVEN_NOT_DECLARED_UTF8,
    CAP_FORGIVEN_NOT_DECLARED_GB,
    CAP_FORGIVEN_EURO,
    CAP_FORGIVEN_WIDE_SPACE,
    CAP_FORGIVEN_USER_DEFINED,
    CAP_FORGIVEN_NO_NAMESPACE,
    CAP_FORGIVEN_SAYS_NOTHING,
    CAP_FORGIVEN_MISSING,
    CAP_FORGIVEN_TWICE_JOINED,
    CAP_FORGIVEN_TWICE_FIRST,
    CAP_FORGIVEN_TOO_MANY,
    CAP_FORGIVEN_ODD_UNUSED,
    CAP_FORGIVEN_TIME_FORM,
    CAP_FORGIVEN_TIME_OFFSET,
    CAP_FORGIVEN_TIME_NONE,
    CAP_FORGIVEN_MARKUP,
    CAP_FORGIVEN_ESCAPED,
    CAP_FORGIVEN_FOREIGN,
    CAP_FORGIVEN_WRAPPED,
    CAP_FORGIVEN_SEVERITY_WORD,
    CAP_FORGIVEN_SEVERITY_HEADLINE,
    CAP_FORGIVEN_OFFICER,
    CAP_FORGIVEN_CODE_NAME,
    CAP_FORGIVEN_PAIR,
    CAP_FORGIVEN_REFERENCE,
    CAP_FORGIVEN_COUNT
};

struct cap_tolerance_row {
    const char *odd;
    const char *taken;
};

extern const struct cap_tolerance_row cap_tolerances[CAP_FORGIVEN_COUNT];

/* Adds the note «forgiven: WHERE: ODD «FOUND»: TAKEN». found NULL: the row
 * needs no text. */
void cap_forgive(struct cap_notes *notes, enum cap_tolerance what,
                 const char *where, const char *found);

#endif
