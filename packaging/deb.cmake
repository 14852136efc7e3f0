# One .deb with both programs: cpack -G DEB in the folder of the build.
install(FILES packaging/systemd/gaoshi-display.service
    DESTINATION lib/systemd/system)
install(FILES packaging/systemd/gaoshi-heartbeat.service
    DESTINATION lib/systemd/user)
install(FILES packaging/systemd/gaoshi.sysusers
    DESTINATION lib/sysusers.d RENAME gaoshi.conf)
install(FILES packaging/deb/copyright
    DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/gaoshi)
install(DIRECTORY packaging/mosquitto
    DESTINATION ${CMAKE_INSTALL_DATADIR}/gaoshi)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "Gaoshi <gaoshi@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "public notices on signage screens")
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION misc)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "fonts-noto-cjk, systemd")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS
    "fonts-dejavu-core, fonts-hanazono, fonts-unifont")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
    ${CMAKE_SOURCE_DIR}/packaging/deb/postinst
    ${CMAKE_SOURCE_DIR}/packaging/deb/prerm
    ${CMAKE_SOURCE_DIR}/packaging/deb/postrm)
include(CPack)
