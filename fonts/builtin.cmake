# Writes the texts of display/edge/text/builtin.h as C arrays.
# usage: cmake -D OUT=FILE -D FOLDER=SOURCE -P builtin.cmake
function(put name file)
    file(READ ${FOLDER}/${file} hex HEX)
    string(REGEX REPLACE "(................................)" "\\1\n" hex "${hex}")
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
    file(APPEND ${OUT} "const char ${name}[] = {\n${bytes}'\\0'};\n")
endfunction()

file(WRITE ${OUT} "#include \"display/edge/text/builtin.h\"\n")
put(builtin_theme data/themes/night.ini)
put(builtin_chain fonts/chain.ini)
put(builtin_glyphs fonts/builtin.hex)
