/* Takes files of the source tree into the program, as they are: the assembler
 * does it, without a tool of our own. */
#include "display/edge/builtin.h"

#define BUILTIN(name, file)                                                    \
    __asm__(".pushsection .rodata\n"                                           \
            ".global " #name "\n" #name ":\n"                                  \
            ".incbin \"" GAOSHI_SOURCE_DIR "/" file "\"\n"                     \
            ".byte 0\n"                                                        \
            ".popsection\n")

BUILTIN(builtin_theme, "data/themes/night.ini");
BUILTIN(builtin_chain, "fonts/chain.ini");
BUILTIN(builtin_glyphs, "fonts/builtin.hex");
