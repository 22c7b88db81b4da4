export default { serverExternalPackages: ['keyfold', 'libsql'] }
