/* Tells fonts apart by the digest of their files. */
#include "tests/support/golden_fonts.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ft2build.h>
#include FT_FREETYPE_H

#include "display/edge/text/fonts_chain.h"
#include "source_dir.h"

enum { DIGEST_SHOWN = 8, BLOCK_BYTES = 64 * 1024, LIST_BYTES = 8192 };

bool golden_is_written(void)
{
    const char *mode = getenv("GAOSHI_GOLDEN");

    return mode && strcmp(mode, "write") == 0;
}

static bool digest_file(FILE *file, EVP_MD_CTX *context,
                        unsigned char out[EVP_MAX_MD_SIZE])
{
    static unsigned char block[BLOCK_BYTES];
    size_t got;

    if (EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1)
        return false;
    while ((got = fread(block, 1, sizeof block, file)) > 0) {
        if (EVP_DigestUpdate(context, block, got) != 1)
            return false;
    }
    return !ferror(file) && EVP_DigestFinal_ex(context, out, NULL) == 1;
}

/* The beginning of the SHA-256 in hexadecimal. */
static bool name_digest(const char *path, char out[2 * DIGEST_SHOWN + 1])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    FILE *file = fopen(path, "rb");
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool made = file && context && digest_file(file, context, digest);

    for (int i = 0; made && i < DIGEST_SHOWN; i++)
        snprintf(out + 2 * i, 3, "%02x", digest[i]);
    EVP_MD_CTX_free(context);
    if (file)
        fclose(file);
    return made;
}

/* A line for FreeType and for each face of the chain. */
static bool list_fonts(char out[LIST_BYTES])
{
    static struct fonts_chain chain;
    struct problem problem = {0};
    FT_Library library;
    int major, minor, patch;
    size_t used;

    if (!fonts_chain_read(GAOSHI_SOURCE_DIR "/fonts/chain.ini", &chain,
                          &problem) ||
        FT_Init_FreeType(&library) != 0)
        return false;
    FT_Library_Version(library, &major, &minor, &patch);
    FT_Done_FreeType(library);
    used = (size_t)snprintf(out, LIST_BYTES, "freetype %d.%d.%d\n", major,
                            minor, patch);
    for (int i = 0; i < chain.source_count; i++) {
        const struct fonts_source *source = &chain.sources[i];
        char digest[2 * DIGEST_SHOWN + 1] = "not-installed";
        if (source->installed && !name_digest(source->file, digest))
            return false;
        used += (size_t)snprintf(out + used, LIST_BYTES - used, "%s %s\n",
                                 source->name, digest);
    }
    return used < LIST_BYTES;
}

/* The first line that differs. */
static void tell_difference(char *kept, char *here,
                            char why[GOLDEN_FONTS_BYTES])
{
    char *a = strsep(&kept, "\n"), *b = strsep(&here, "\n");

    while (a && b && strcmp(a, b) == 0) {
        a = strsep(&kept, "\n");
        b = strsep(&here, "\n");
    }
    snprintf(why, GOLDEN_FONTS_BYTES, "the references have «%s», here is «%s»",
             a ? a : "", b ? b : "");
}

bool golden_fonts_agree(const char *file, char why[GOLDEN_FONTS_BYTES])
{
    char kept[LIST_BYTES] = "", here[LIST_BYTES] = "";

    if (!list_fonts(here)) {
        snprintf(why, GOLDEN_FONTS_BYTES, "the fonts cannot be read");
        return false;
    }
    FILE *open = fopen(file, golden_is_written() ? "w" : "r");
    if (!open) {
        snprintf(why, GOLDEN_FONTS_BYTES, "%s cannot be opened", file);
        return false;
    }
    if (golden_is_written())
        fputs(here, open);
    else
        kept[fread(kept, 1, sizeof kept - 1, open)] = '\0';
    bool written = fclose(open) == 0 && golden_is_written();
    if (written || strcmp(kept, here) == 0)
        return true;
    tell_difference(kept, here, why);
    return false;
}
