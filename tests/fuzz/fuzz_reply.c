/* Any bytes as a part of an answer, which comes unsigned: what is read is
 * written and read the same again, and parts become a whole only by its digest.
 */
#include "tests/fuzz/check.h"

#include "protocol/reply.h"
#include "protocol/scope.h"

#include <stdlib.h>
#include <string.h>

static void check_assembly(const struct reply_part *part)
{
    struct reply_assembly assembly = {.whole = NULL};
    char digest[REPLY_DIGEST_BYTES + 1];
    enum reply_progress progress = reply_assembly_take(&assembly, part);

    FUZZ_CHECK(progress == REPLY_INCOMPLETE || part->parts == 1);
    if (progress == REPLY_COMPLETE) {
        reply_digest(assembly.whole, assembly.total_bytes, digest);
        FUZZ_CHECK(strcmp(digest, part->digest) == 0);
    }
    reply_assembly_finish(&assembly);
}

static void check_read(const struct reply_part *part)
{
    struct reply_part *again = malloc(sizeof *again);

    FUZZ_CHECK(identifier_is_valid(part->screen));
    FUZZ_CHECK(part->parts >= 1 && part->parts <= REPLY_PARTS_MAX);
    FUZZ_CHECK(part->part >= 1 && part->part <= part->parts);
    FUZZ_CHECK(part->total_bytes >= 1 && part->total_bytes <= REPLY_BYTES);
    FUZZ_CHECK(part->bytes <= REPLY_PART_BYTES);
    fuzz_check_text(part->kind, sizeof part->kind);
    char *text = reply_part_format(part);
    FUZZ_CHECK(text && strlen(text) <= LIMIT_REPLY_BYTES);
    FUZZ_CHECK(reply_part_parse(text, strlen(text), again));
    FUZZ_CHECK(again->bytes == part->bytes &&
               memcmp(again->data, part->data, part->bytes) == 0);
    FUZZ_CHECK(strcmp(again->digest, part->digest) == 0);
    FUZZ_CHECK(again->seq == part->seq && again->part == part->part);
    check_assembly(part);
    free(text);
    free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reply_part *part = malloc(sizeof *part);
    char *bytes = fuzz_copy(data, size);

    fuzz_fill(part, sizeof *part);
    if (reply_part_parse(bytes, size, part))
        check_read(part);
    else
        fuzz_check_untouched(part, sizeof *part);
    free(bytes);
    free(part);
    return 0;
}
