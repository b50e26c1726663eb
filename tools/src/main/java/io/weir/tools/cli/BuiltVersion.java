package io.weir.tools.cli;

import java.io.File;
import java.io.IOException;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import picocli.CommandLine.IVersionProvider;

/** The version and the commit that this program was built from, as the manifest of its jar says. */
final class BuiltVersion implements IVersionProvider {

    /** Blank after a build without git or its folder. */
    private static final String COMMIT = "Weir-Commit";

    private static final String IS_CHANGED = "Weir-Commit-Is-Changed";

    @Override
    public String[] getVersion() throws IOException {
        File code =
                new File(
                        BuiltVersion.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .getPath());
        if (!code.isFile()) {
            return new String[] {"weir, run from compiled classes: only the jar has a version"};
        }
        try (JarFile jar = new JarFile(code)) {
            return new String[] {text(jar.getManifest())};
        }
    }

    static String text(Manifest manifest) {
        Attributes attributes = manifest.getMainAttributes();
        String version = attributes.getValue(Attributes.Name.IMPLEMENTATION_VERSION);
        String commit = attributes.getValue(COMMIT);
        if (commit == null || commit.isBlank()) {
            return "weir %s, of an unknown commit: built outside a git repository"
                    .formatted(version);
        }
        return "weir %s, commit %s%s"
                .formatted(
                        version,
                        commit,
                        Boolean.parseBoolean(attributes.getValue(IS_CHANGED))
                                ? " with changes that are not committed"
                                : "");
    }
}
