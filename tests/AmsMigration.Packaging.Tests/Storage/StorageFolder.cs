namespace AmsMigration.Packaging.Tests.Storage;

/// <summary>A folder of one test.</summary>
internal sealed class StorageFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ams-");
    private string? _locked;

    public string Root => _folder.FullName;

    /// <summary>Everything below the folder, hidden files too, in order, with '/' between parts and at the end of folders.</summary>
    public IEnumerable<string> Entries => _folder.EnumerateFileSystemInfos("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
        .Select(entry => Path.GetRelativePath(Root, entry.FullName).Replace('\\', '/') + (entry is DirectoryInfo ? "/" : ""))
        .Order(StringComparer.Ordinal);

    public string Full(string path) => Path.Combine(Root, path);

    public StorageFolder With(string path, params byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Full(path))!);
        File.WriteAllBytes(Full(path), content);
        return this;
    }

    /// <summary>A folder that its own user may not do everything with; skips the test where that would hold nobody.</summary>
    public void WithLocked(string path, UnixFileMode mode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "no folder can be locked for this user");
        Directory.CreateDirectory(Full(path));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Full(path), mode);
            _locked = path;
        }
    }

    public void Dispose()
    {
        if (!OperatingSystem.IsWindows() && _locked is not null)
        {
            File.SetUnixFileMode(Full(_locked), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        _folder.Delete(recursive: true);
    }
}
