/* Any lines as a scope and the identity of a screen: a screen lies in just
 * those scopes that it lists. */
#include "tests/fuzz/check.h"

#include "protocol/topic.h"

#include <string.h>

static void copy_identifier(const char *text, const char *otherwise,
                            char out[LIMIT_IDENTIFIER_BYTES + 1])
{
    strcpy(out, text && identifier_is_valid(text) ? text : otherwise);
}

/* Lines: org, screen, area, groups; what is not valid is left out. */
static void make_identity(char *lines, struct screen_identity *out)
{
    memset(out, 0, sizeof *out);
    copy_identifier(strsep(&lines, "\n"), "erqi", out->org);
    copy_identifier(strsep(&lines, "\n"), "s1", out->screen);
    const char *area = strsep(&lines, "\n");
    if (area && strlen(area) == 12 && strspn(area, "0123456789") == 12)
        strcpy(out->area, area);
    for (const char *group;
         (group = strsep(&lines, "\n")) && out->group_count < LIMIT_GROUPS;) {
        if (identifier_is_valid(group))
            strcpy(out->groups[out->group_count++], group);
    }
}

static bool check_list(const struct screen_identity *identity,
                       const char *wanted)
{
    char scopes[SCOPE_MAX][SCOPE_BYTES];
    char filters[TOPIC_FILTER_MAX][LIMIT_TOPIC_BYTES];
    size_t count = scope_list(identity, scopes);
    bool found = false;

    FUZZ_CHECK(count >= 2 && count <= SCOPE_MAX);
    for (size_t i = 0; i < count; i++) {
        FUZZ_CHECK(scope_is_valid(scopes[i]));
        FUZZ_CHECK(scope_covers(scopes[i], identity));
        FUZZ_CHECK(i == 0 ||
                   scope_rank(scopes[i]) >= scope_rank(scopes[i - 1]));
        found = found || strcmp(scopes[i], wanted) == 0;
    }
    /* Beside the scopes: the list of keys, and commands. */
    FUZZ_CHECK(topic_filters(identity, filters) == count + 2);
    for (size_t i = 0; i < count + 2; i++)
        FUZZ_CHECK(memchr(filters[i], '\0', sizeof filters[i]));
    return found;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input;
    struct screen_identity identity;

    fuzz_input_split(data, size, &input);
    char *lines = input.text;
    const char *scope = strsep(&lines, "\n");
    make_identity(lines, &identity);
    bool listed = check_list(&identity, scope);
    if (scope_is_valid(scope)) {
        FUZZ_CHECK(scope_covers(scope, &identity) == listed);
        FUZZ_CHECK(scope_rank(scope) >= 0 && scope_rank(scope) <= 7);
    } else {
        FUZZ_CHECK(!listed);
    }
    fuzz_input_finish(&input);
    return 0;
}
