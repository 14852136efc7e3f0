/* Finds the chains of messages. OASIS references earlier messages by triples,
 * the Chinese profile only by the identifier of the first issue. */
#include "cap/cap_chain.h"

#include "base/translate.h"
#include "cap/cap_tolerance.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/sha.h>

/* A reference to an earlier message. */
struct reference {
    char sender[CAP_LIMIT_IDENTIFIER_BYTES + 1];
    char identifier[CAP_LIMIT_IDENTIFIER_BYTES + 1];
};

enum { HASH_DIGITS = 10 };

bool cap_refuse(struct problem *problem, const struct cap_text *at,
                const char *path, const char *format, ...)
{
    char text[sizeof problem->expected];
    va_list list;

    va_start(list, format);
    tr_format(text, sizeof text, format, list);
    va_end(list);
    problem_set_field(problem, path, "%s", text);
    if (problem) {
        problem->line = at->line;
        problem->column = at->column;
    }
    return false;
}

static void hash_text(const char *sender, const char *identifier,
                      char out[HASH_DIGITS + 1])
{
    char text[2 * CAP_LIMIT_IDENTIFIER_BYTES + 4];
    unsigned char digest[SHA256_DIGEST_LENGTH];

    int length = snprintf(text, sizeof text, "%s,%s", sender, identifier);
    SHA256((const unsigned char *)text, (size_t)length, digest);
    for (int i = 0; i < HASH_DIGITS / 2; i++)
        snprintf(out + 2 * i, 3, "%02x", digest[i]);
}

/* Chinese identifiers are unique in the country, those of OASIS only for their
 * sender, so the hash includes the sender. */
void cap_chain_id(enum cap_dialect dialect, const char *sender,
                  const char *identifier, char out[CAP_ID_BYTES])
{
    enum { KEPT = LIMIT_IDENTIFIER_BYTES - HASH_DIGITS - 1 };
    char hash[HASH_DIGITS + 1];
    char kept[KEPT + 1];
    size_t length = 0;

    if (dialect == CAP_DIALECT_CHINA && identifier_is_valid(identifier)) {
        snprintf(out, CAP_ID_BYTES, "%s", identifier);
        return;
    }
    for (const char *at = identifier; *at && length < KEPT; at++) {
        char lower = (char)tolower((unsigned char)*at);
        bool fits = (lower >= 'a' && lower <= 'z') ||
                    (lower >= '0' && lower <= '9') ||
                    (strchr("._-", lower) != NULL && length > 0);
        if (fits)
            kept[length++] = lower;
        else if (length > 0 && kept[length - 1] != '-')
            kept[length++] = '-';
    }
    kept[length] = '\0';
    hash_text(dialect == CAP_DIALECT_CHINA ? "" : sender, identifier, hash);
    snprintf(out, CAP_ID_BYTES, "%s%s%s", kept, length ? "-" : "", hash);
}

static bool find_sent(const struct cap_history *history, const char *sender,
                      const char *identifier, char out[CAP_ID_BYTES])
{
    return history && history->find(history->context, sender, identifier, out);
}

static void find_id(const struct cap_alert *alert,
                    const struct cap_history *history,
                    const struct reference *reference, char out[CAP_ID_BYTES])
{
    if (!find_sent(history, reference->sender, reference->identifier, out))
        cap_chain_id(alert->dialect, reference->sender, reference->identifier,
                     out);
}

static bool copy_part(const char *from, size_t bytes,
                      char out[CAP_LIMIT_IDENTIFIER_BYTES + 1])
{
    if (bytes == 0 || bytes > CAP_LIMIT_IDENTIFIER_BYTES)
        return false;
    memcpy(out, from, bytes);
    out[bytes] = '\0';
    return true;
}

/* sender,identifier,sent */
static bool split_triple(const char *token, size_t bytes, struct reference *out)
{
    const char *first = memchr(token, ',', bytes);
    const char *second = first ? memchr(first + 1, ',',
                                        bytes - (size_t)(first + 1 - token))
                               : NULL;

    return second && (size_t)(second + 1 - token) < bytes &&
           copy_part(token, (size_t)(first - token), out->sender) &&
           copy_part(first + 1, (size_t)(second - first - 1), out->identifier);
}

/* CAP 1.0 has identifier/sender. */
static bool split_pair(const char *token, size_t bytes, struct reference *out)
{
    const char *slash = memrchr(token, '/', bytes);

    return slash &&
           copy_part(token, (size_t)(slash - token), out->identifier) &&
           copy_part(slash + 1, bytes - (size_t)(slash + 1 - token),
                     out->sender);
}

static bool split_token(enum cap_dialect dialect, const char *token,
                        size_t bytes, struct reference *out)
{
    *out = (struct reference){0};
    if (split_triple(token, bytes, out)) {
        if (dialect == CAP_DIALECT_CHINA)
            out->sender[0] = '\0';
        return true;
    }
    if (dialect == CAP_DIALECT_CHINA)
        return copy_part(token, bytes, out->identifier);
    return dialect == CAP_DIALECT_1_0 && split_pair(token, bytes, out);
}

/* China's centres write only the identifier in OASIS files too. It is unique in
 * the country. */
static bool split_bare(const struct cap_alert *alert, const char *token,
                       size_t bytes, struct reference *out,
                       struct cap_notes *notes)
{
    enum { CODE = 14, STAMP = 14 };

    if (bytes < CODE + 1 + STAMP || strspn(token, "0123456789") != CODE ||
        token[CODE] != '_' || strspn(token + CODE + 1, "0123456789") != STAMP ||
        memchr(token, ',', bytes))
        return false;
    *out = (struct reference){0};
    snprintf(out->sender, sizeof out->sender, "%s", alert->sender.text);
    cap_forgive(notes, CAP_FORGIVEN_REFERENCE, "references", NULL);
    return copy_part(token, bytes, out->identifier);
}

/* An update of the profile may come without a reference to its root if its own
 * identifier is the root's followed by _N. */
static bool strip_number(const char *identifier, struct reference *out)
{
    enum { STAMP = 14 };
    const char *last = strrchr(identifier, '_');
    const char *first = strchr(identifier, '_');

    if (!last || first == last || last - first != STAMP + 1 ||
        strspn(last + 1, "0123456789") != strlen(last + 1) || !last[1])
        return false;
    *out = (struct reference){0};
    return copy_part(identifier, (size_t)(last - identifier), out->identifier);
}

static bool is_in(char (*ids)[CAP_ID_BYTES], size_t count, const char *id)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(ids[i], id) == 0)
            return true;
    return false;
}

static void add_id(struct cap_chain *chain, const char *id, bool ends,
                   struct cap_notes *notes)
{
    size_t most = ends ? CAP_CHAINS_MAX : 1;

    if (is_in(chain->ids, chain->id_count, id) ||
        is_in(chain->references, chain->reference_count, id))
        return;
    if (chain->id_count < most)
        snprintf(chain->ids[chain->id_count++], CAP_ID_BYTES, "%s", id);
    else if (chain->reference_count < LIMIT_REFERENCES)
        snprintf(chain->references[chain->reference_count++], CAP_ID_BYTES,
                 "%s", id);
    else
        cap_notes_add(notes, "references: %d at most are kept",
                      LIMIT_REFERENCES);
}

static void add_reference(const struct cap_alert *alert, bool ends,
                          const struct cap_history *history,
                          const struct reference *reference,
                          struct cap_chain *chain, struct cap_notes *notes)
{
    char id[CAP_ID_BYTES];

    find_id(alert, history, reference, id);
    add_id(chain, id, ends, notes);
}

static bool read_references(const struct cap_alert *alert, bool ends,
                            const struct cap_history *history,
                            struct cap_chain *chain, struct cap_notes *notes,
                            struct problem *problem)
{
    static const char *const blanks = " \t\r\n";
    const char *at = cap_text_or_empty(&alert->references);
    struct reference reference;

    for (at += strspn(at, blanks); *at; at += strspn(at, blanks)) {
        size_t bytes = strcspn(at, blanks);
        if (split_token(alert->dialect, at, bytes, &reference) ||
            split_bare(alert, at, bytes, &reference, notes))
            add_reference(alert, ends, history, &reference, chain, notes);
        else if (ends)
            return cap_refuse(problem, &alert->references, "alert.references",
                              "«%.*s» found, sender,identifier,sent expected",
                              (int)(bytes < 60 ? bytes : 60), at);
        else
            cap_notes_add(notes, "references: «%.*s» names no message",
                          (int)(bytes < 60 ? bytes : 60), at);
        at += bytes;
    }
    return true;
}

/* Without references: finds the root from the message itself. */
static bool find_own_root(const struct cap_alert *alert, bool ends,
                          const struct cap_history *history,
                          const struct reference *own, struct cap_chain *chain,
                          struct cap_notes *notes, struct problem *problem)
{
    struct reference root;
    char id[CAP_ID_BYTES];

    if (cap_text_is(&alert->type, "Alert") && !ends)
        return true;
    if (alert->dialect == CAP_DIALECT_CHINA &&
        (find_sent(history, own->sender, own->identifier, id) ||
         strip_number(own->identifier, &root))) {
        if (!find_sent(history, own->sender, own->identifier, id))
            find_id(alert, history, &root, id);
        add_id(chain, id, ends, notes);
        return true;
    }
    if (ends)
        return cap_refuse(
            problem, alert->references.line ? &alert->references : &alert->type,
            "alert.references",
            cap_text_is(&alert->type, "Cancel")
                ? "missing or empty: nothing says what is cancelled"
                : "missing or empty: it says AllClear, and nothing says what "
                  "is over");
    cap_notes_add(notes, "an update without references counts as new");
    return true;
}

bool cap_chain_find(const struct cap_alert *alert, bool ends,
                    const struct cap_history *history, struct cap_chain *out,
                    struct cap_notes *notes, struct problem *problem)
{
    struct reference own = {0};
    char id[CAP_ID_BYTES];

    *out = (struct cap_chain){0};
    if (alert->dialect != CAP_DIALECT_CHINA)
        snprintf(own.sender, sizeof own.sender, "%s", alert->sender.text);
    snprintf(own.identifier, sizeof own.identifier, "%s",
             alert->identifier.text);
    if (!read_references(alert, ends, history, out, notes, problem))
        return false;
    if (out->id_count == 0 &&
        !find_own_root(alert, ends, history, &own, out, notes, problem))
        return false;
    /* Later messages may reference only this one. */
    cap_chain_id(alert->dialect, own.sender, own.identifier, id);
    if (out->id_count == 0)
        snprintf(out->ids[out->id_count++], CAP_ID_BYTES, "%s", id);
    else if (!is_in(out->ids, out->id_count, id) &&
             !is_in(out->references, out->reference_count, id) &&
             out->reference_count < LIMIT_REFERENCES)
        snprintf(out->references[out->reference_count++], CAP_ID_BYTES, "%s",
                 id);
    return true;
}
