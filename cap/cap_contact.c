/* Finds a number to dial in a free text. */
#include "cap/cap_contact.h"

#include "cap/cap_tidy.h"
#include "protocol/limits.h"
#include "protocol/utf8.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* The length of a number that begins here; 0: none does. */
static size_t number_length(const char *text)
{
    enum { DIGITS_LEAST = 3 };
    size_t length = strspn(text, "0123456789+-() ");
    size_t digits = 0;

    while (length > 0 && !isdigit((unsigned char)text[length - 1]))
        length--;
    for (size_t i = 0; i < length; i++)
        digits += isdigit((unsigned char)text[i]) != 0;
    return digits >= DIGITS_LEAST && length <= LIMIT_LABEL_CHARACTERS ? length
                                                                      : 0;
}

static const char *find_number(const char *text, size_t *bytes)
{
    while (*text) {
        bool begins = isdigit((unsigned char)*text) || *text == '+';
        *bytes = begins ? number_length(text) : 0;
        if (*bytes > 0)
            return text;
        text += begins ? strspn(text, "0123456789+-() ") : 1;
    }
    return NULL;
}

/* What stands before the number; NULL when that is no label. */
static char *find_label(const char *contact, size_t bytes)
{
    char *before = strndup(contact, bytes);
    size_t cut = 0;
    char *label = before ? cap_tidy_line(before, LIMIT_LINE_CHARACTERS, &cut)
                         : NULL;

    free(before);
    for (size_t length = label ? strlen(label) : 0;
         length > 0 && strchr(":,;( ", label[length - 1]); length--)
        label[length - 1] = '\0';
    if (label && label[0] && utf8_length(label) <= LIMIT_LABEL_CHARACTERS)
        return label;
    free(label);
    return NULL;
}

json_t *cap_contact_find(const char *contact)
{
    size_t bytes = 0;
    const char *number = find_number(contact, &bytes);

    if (!number)
        return NULL;
    char *label = find_label(contact, (size_t)(number - contact));
    json_t *contacts = json_pack("[{s:s, s:s%}]", "label",
                                 label ? label : "咨询电话", "number", number,
                                 bytes);
    free(label);
    return contacts;
}
