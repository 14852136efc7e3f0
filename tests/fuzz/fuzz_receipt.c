/* Any bytes as a receipt, which comes unsigned: what is read is written and
 * read the same again. */
#include "tests/fuzz/check.h"

#include "protocol/receipt.h"

#include <stdlib.h>
#include <string.h>

static void check_read(const struct receipt *receipt)
{
    struct receipt again;

    FUZZ_CHECK((unsigned)receipt->event < RECEIPT_COUNT);
    FUZZ_CHECK(identifier_is_valid(receipt->message));
    FUZZ_CHECK(identifier_is_valid(receipt->screen));
    fuzz_check_text(receipt->reason, sizeof receipt->reason);
    fuzz_check_text(receipt->text, sizeof receipt->text);
    char *text = receipt_format(receipt);
    FUZZ_CHECK(text);
    FUZZ_CHECK(receipt_parse(text, strlen(text), &again));
    FUZZ_CHECK(again.event == receipt->event && again.seq == receipt->seq &&
               again.at_ms == receipt->at_ms);
    FUZZ_CHECK(strcmp(again.message, receipt->message) == 0);
    FUZZ_CHECK(strcmp(again.reason, receipt->reason) == 0);
    FUZZ_CHECK(strcmp(again.text, receipt->text) == 0);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct receipt receipt;
    char *bytes = fuzz_copy(data, size);

    fuzz_fill(&receipt, sizeof receipt);
    if (receipt_parse(bytes, size, &receipt))
        check_read(&receipt);
    else
        fuzz_check_untouched(&receipt, sizeof receipt);
    free(bytes);
    return 0;
}
