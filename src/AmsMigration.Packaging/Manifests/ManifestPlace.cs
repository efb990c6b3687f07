namespace AmsMigration.Packaging.Manifests;

/// <summary>Where a manifest lies, and how it refers to files of the output. A path alone is a place in the output.</summary>
/// <param name="Path">Relative to the output's root, or what stands for it where the manifest lies elsewhere.</param>
/// <param name="BaseUri">In front of references to the output, from where <paramref name="Path"/> has its root; ends with a slash, or is empty.</param>
internal readonly record struct ManifestPlace(string Path, string BaseUri = "")
{
    public static implicit operator ManifestPlace(string path) => new(path);

    /// <summary>A reference (RFC 3986 4.1) to a file of the output.</summary>
    public string Reference(string to) => BaseUri + ManifestUri.Relative(Path, to);

    /// <summary>The same for many files; where one follows another to the same file, it is made once.</summary>
    public Func<string, string> References()
    {
        (string baseUri, Func<string, string> relative) = (BaseUri, ManifestUri.From(Path));
        return baseUri.Length == 0 ? relative : to => baseUri + relative(to);
    }
}
