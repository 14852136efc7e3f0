/* Any text as a topic: what is read is written the same again. */
#include "tests/fuzz/check.h"

#include "protocol/topic.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input;
    struct topic topic;
    char text[LIMIT_TOPIC_BYTES];

    fuzz_input_split(data, size, &input);
    fuzz_fill(&topic, sizeof topic);
    if (topic_parse(input.text, &topic)) {
        FUZZ_CHECK((unsigned)topic.kind < TOPIC_KIND_COUNT);
        FUZZ_CHECK(topic_format(&topic, text));
        FUZZ_CHECK(strcmp(text, input.text) == 0);
        FUZZ_CHECK(identifier_is_valid(topic.org));
        FUZZ_CHECK(!topic.scope[0] || scope_is_valid(topic.scope));
        FUZZ_CHECK(!topic.id[0] || identifier_is_valid(topic.id));
        FUZZ_CHECK(!topic.screen[0] || identifier_is_valid(topic.screen));
    } else {
        fuzz_check_untouched(&topic, sizeof topic);
    }
    fuzz_input_finish(&input);
    return 0;
}
