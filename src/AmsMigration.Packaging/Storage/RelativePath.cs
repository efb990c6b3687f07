namespace AmsMigration.Packaging.Storage;

/// <summary>Paths below a root, parts separated by '/': the only form in which names from manifests reach a file system or a container.</summary>
public static class RelativePath
{
    /// <summary>True where the path stays below its root and names something in it on every system.</summary>
    public static bool IsSafe(string path) =>
        path.Length > 0
        && path.IndexOfAny(['\\', ':', '\0']) < 0
        && path.Split('/').All(part => part is not ("" or "." or ".."));

    /// <summary>
    /// True where an address leads to a blob of that name: clients take '.' and '..' away as parts of a path (RFC 3986 5.2.4), and '/' at either end, and then ask
    /// for another blob.
    /// </summary>
    public static bool IsAddressable(string name) =>
        name.Length > 0 && name[0] != '/' && name[name.Length - 1] != '/' && name.Split('/').All(part => part is not ("." or ".."));

    /// <summary>True where an output can have a file of that name; in a container it may be what no file system takes.</summary>
    public static bool IsNameOf(string path, bool isRemote) => IsSafe(path) || (isRemote && IsAddressable(path));

    /// <exception cref="PackagingException"><c>UnsafePath</c>.</exception>
    internal static string Resolve(string root, string path) => IsSafe(path)
        ? Path.Combine(root, path.Replace('/', Path.DirectorySeparatorChar))
        : throw new PackagingException("UnsafePath", $"'{path}' does not name a file below '{root}'", path);
}
