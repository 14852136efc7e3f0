/* Writes, seals and reads the log of what a screen has shown. */
#include "protocol/play_log.h"

#include "base/timestamp.h"
#include "protocol/scope.h"

#include <inttypes.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NO_HASH                                                                \
    "0000000000000000000000000000000000000000000000000000000000000000"

const struct play_head play_head_none = {0, NO_HASH};

static const char *const kind_names[PLAY_KINDS] = {
    [PLAY_START] = "start", [PLAY_CLOCK] = "clock", [PLAY_SHOW] = "show",
    [PLAY_LOST] = "lost",   [PLAY_STOP] = "stop",
};

/* A number, or «-» for TIMESTAMP_NONE. */
static void format_time(int64_t ms, char out[24])
{
    if (ms == TIMESTAMP_NONE)
        snprintf(out, 24, "-");
    else
        snprintf(out, 24, "%" PRId64, ms);
}

size_t play_entry_format(const struct play_entry *entry,
                         char out[PLAY_LINE_BYTES])
{
    const char *name = kind_names[entry->kind];
    char wall[24];
    int length = 0;

    format_time(entry->wall_ms, wall);
    switch (entry->kind) {
    case PLAY_START:
        length = snprintf(out, PLAY_LINE_BYTES, "%s %s %s\n", name, wall,
                          entry->version);
        break;
    case PLAY_SHOW:
        length = snprintf(out, PLAY_LINE_BYTES,
                          "%s %" PRId64 " %s %" PRId64 " %s %s %" PRId64 "\n",
                          name, entry->mono_ms, wall, entry->lasted_ms,
                          entry->what, entry->id[0] ? entry->id : "-",
                          entry->seq);
        break;
    case PLAY_LOST:
        length = snprintf(out, PLAY_LINE_BYTES, "%s %" PRId64 "\n", name,
                          entry->count);
        break;
    default:
        length = snprintf(out, PLAY_LINE_BYTES, "%s %" PRId64 " %s\n", name,
                          entry->mono_ms, wall);
        break;
    }
    return length > 0 ? (size_t)length : 0;
}

enum { WORDS = 7 };

/* Cuts a copy of the line at its blanks. Returns how many words there are; 0:
 * too many, or an empty one. */
static size_t cut_words(char *line, char *words[WORDS])
{
    size_t count = 0;

    for (char *word = line; word;) {
        char *blank = strchr(word, ' ');
        if (blank)
            *blank = '\0';
        if (!*word || count == WORDS)
            return 0;
        words[count++] = word;
        word = blank ? blank + 1 : NULL;
    }
    return count;
}

/* In milliseconds: years up to 9850, and spans of a hundred. */
#define WALL_MAX_MS INT64_C(250000000000000)
#define SPAN_MAX_MS INT64_C(3200000000000)

/* Whole numbers of at most 15 digits, which no sum of a few overflows. */
static bool read_number(const char *word, int64_t *out)
{
    size_t digits = strspn(word, "0123456789");

    if (digits == 0 || digits > 15 || word[digits])
        return false;
    *out = strtoll(word, NULL, 10);
    return true;
}

static bool read_time(const char *word, int64_t *out)
{
    if (strcmp(word, "-") != 0)
        return read_number(word, out) && *out <= WALL_MAX_MS;
    *out = TIMESTAMP_NONE;
    return true;
}

static bool read_span(const char *word, int64_t *out)
{
    return read_number(word, out) && *out <= SPAN_MAX_MS;
}

static bool read_name(const char *word, char *out, size_t size)
{
    size_t bytes = strlen(word);

    if (bytes >= size)
        return false;
    memcpy(out, word, bytes + 1);
    return true;
}

static bool read_show(char *const *words, struct play_entry *out)
{
    static const char *const whats[] = {"panel", "alert", "clear", "plain"};
    bool known = false;

    for (size_t i = 0; i < sizeof whats / sizeof whats[0]; i++)
        known = known || strcmp(words[4], whats[i]) == 0;
    bool plain = strcmp(words[5], "-") == 0;
    return known && read_span(words[1], &out->mono_ms) &&
           read_time(words[2], &out->wall_ms) &&
           read_span(words[3], &out->lasted_ms) &&
           read_name(words[4], out->what, sizeof out->what) &&
           (plain || (identifier_is_valid(words[5]) &&
                      read_name(words[5], out->id, sizeof out->id))) &&
           read_number(words[6], &out->seq);
}

static bool is_version(const char *word)
{
    for (; *word; word++)
        if (*word <= ' ' || *word > '~')
            return false;
    return true;
}

static bool read_words(char *const *words, size_t count, struct play_entry *out)
{
    for (int i = 0; i < PLAY_KINDS; i++)
        if (strcmp(words[0], kind_names[i]) == 0)
            out->kind = (enum play_kind)i;
    switch (out->kind) {
    case PLAY_START:
        return count == 3 && read_time(words[1], &out->wall_ms) &&
               is_version(words[2]) &&
               read_name(words[2], out->version, sizeof out->version);
    case PLAY_SHOW:
        return count == 7 && read_show(words, out);
    case PLAY_LOST:
        return count == 2 && read_number(words[1], &out->count);
    case PLAY_CLOCK:
    case PLAY_STOP:
        return count == 3 && read_span(words[1], &out->mono_ms) &&
               read_time(words[2], &out->wall_ms);
    default:
        return false;
    }
}

/* Copies the line and cuts the copy into words; returns their number, 0 if the
 * line is too long or has a NUL. */
static size_t cut_line(const char *line, size_t bytes, char *copy, size_t size,
                       char *words[WORDS])
{
    if (bytes >= size || memchr(line, '\0', bytes))
        return 0;
    memcpy(copy, line, bytes);
    copy[bytes] = '\0';
    return cut_words(copy, words);
}

bool play_entry_parse(const char *line, size_t bytes, struct play_entry *out)
{
    struct play_entry entry = {.kind = PLAY_KINDS, .wall_ms = TIMESTAMP_NONE};
    char copy[PLAY_LINE_BYTES];
    char *words[WORDS];

    size_t count = cut_line(line, bytes, copy, sizeof copy, words);
    if (count == 0 || !read_words(words, count, &entry))
        return false;
    *out = entry;
    return true;
}

/* The hash of a block: number, the hash before, and the lines. */
static bool hash_block(const struct play_head *before, int64_t number,
                       const char *lines, size_t bytes,
                       char out[PLAY_HASH_BYTES + 1])
{
    char head[PLAY_SEAL_BYTES];
    unsigned char hash[EVP_MAX_MD_SIZE];
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    int length = snprintf(head, sizeof head, "%" PRId64 " %s\n", number,
                          before->hash);

    bool made = digest && EVP_DigestInit_ex(digest, EVP_sha256(), NULL) == 1 &&
                EVP_DigestUpdate(digest, head, (size_t)length) == 1 &&
                EVP_DigestUpdate(digest, lines, bytes) == 1 &&
                EVP_DigestFinal_ex(digest, hash, NULL) == 1;
    EVP_MD_CTX_free(digest);
    for (size_t i = 0; made && i < PLAY_HASH_BYTES / 2; i++)
        snprintf(out + 2 * i, 3, "%02x", hash[i]);
    return made;
}

bool play_log_seal(struct play_head *head, const char *lines, size_t bytes,
                   char out[PLAY_SEAL_BYTES])
{
    struct play_head next = {.number = head->number + 1};

    if (!hash_block(head, next.number, lines, bytes, next.hash))
        return false;
    snprintf(out, PLAY_SEAL_BYTES, "= %" PRId64 " %s %s\n", next.number,
             head->hash, next.hash);
    *head = next;
    return true;
}

static bool read_hash(const char *word, char out[PLAY_HASH_BYTES + 1])
{
    return strspn(word, "0123456789abcdef") == PLAY_HASH_BYTES &&
           read_name(word, out, PLAY_HASH_BYTES + 1);
}

/* The last line of a block, without its line feed. */
static bool read_seal(const char *line, size_t bytes, struct play_block *out)
{
    char copy[PLAY_SEAL_BYTES];
    char *words[WORDS];

    if (cut_line(line, bytes, copy, sizeof copy, words) != 4 ||
        !read_number(words[1], &out->head.number) ||
        !read_hash(words[2], out->before.hash) ||
        !read_hash(words[3], out->head.hash) || out->head.number < 1)
        return false;
    out->before.number = out->head.number - 1;
    return true;
}

static enum play_verdict judge(const char *seal, size_t seal_bytes,
                               struct play_block *out)
{
    char hash[PLAY_HASH_BYTES + 1];

    return out->bytes <= PLAY_LINES_BYTES && read_seal(seal, seal_bytes, out) &&
                   hash_block(&out->before, out->head.number, out->lines,
                              out->bytes, hash) &&
                   strcmp(hash, out->head.hash) == 0
               ? PLAY_INTACT
               : PLAY_DAMAGED;
}

enum play_verdict play_log_read(const char *text, size_t size, size_t at,
                                struct play_block *out)
{
    size_t line = at;

    if (at >= size)
        return PLAY_NOTHING;
    while (line < size) {
        const char *end = memchr(text + line, '\n', size - line);
        if (!end)
            return PLAY_TORN;
        size_t next = (size_t)(end - text) + 1;
        if (next - line >= 2 && memcmp(text + line, "= ", 2) == 0) {
            *out = (struct play_block){
                .lines = text + at, .bytes = line - at, .end = next};
            return judge(text + line, next - 1 - line, out);
        }
        line = next;
    }
    return PLAY_TORN;
}

bool play_block_next(const struct play_block *block, size_t *at,
                     struct play_entry *out)
{
    while (*at < block->bytes) {
        const char *line = block->lines + *at;
        const char *end = memchr(line, '\n', block->bytes - *at);
        size_t bytes = end ? (size_t)(end - line) : block->bytes - *at;
        *at += bytes + 1;
        if (play_entry_parse(line, bytes, out))
            return true;
    }
    return false;
}

bool play_block_touches(const struct play_block *block, int64_t from_ms,
                        int64_t to_ms)
{
    int64_t first_ms = INT64_MAX, last_ms = INT64_MIN;
    struct play_entry entry;
    size_t at = 0;

    while (play_block_next(block, &at, &entry)) {
        if (entry.wall_ms == TIMESTAMP_NONE)
            continue;
        if (entry.wall_ms < first_ms)
            first_ms = entry.wall_ms;
        if (entry.wall_ms + entry.lasted_ms > last_ms)
            last_ms = entry.wall_ms + entry.lasted_ms;
    }
    if (last_ms < first_ms)
        return true;
    return (from_ms == TIMESTAMP_NONE || last_ms >= from_ms) &&
           (to_ms == TIMESTAMP_NONE || first_ms <= to_ms);
}
