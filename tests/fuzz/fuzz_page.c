/* Any body that is read is set on a glass and drawn: bounded pages, every
 * text within its page. */
#include "tests/fuzz/pages.h"

#include "base/timestamp.h"

static bool has_pages(const struct message *message)
{
    return message->kind == MESSAGE_PANEL || message->kind == MESSAGE_ALERT ||
           message->kind == MESSAGE_ALERT_CANCEL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input;
    struct problem problem = {0};
    struct message *message = NULL;

    fuzz_input_split(data, size, &input);
    if (message_parse(input.text, input.bytes, MESSAGE_DRAFT, "page", &message,
                      &problem)) {
        struct page_context context = fuzz_context(&input, message->kind);
        if (message->issued_ms == TIMESTAMP_NONE)
            message->issued_ms = FUZZ_NOW_MS;
        if (has_pages(message))
            fuzz_check_pages(message, &context);
        message_destroy(message);
    }
    fuzz_input_finish(&input);
    return 0;
}
