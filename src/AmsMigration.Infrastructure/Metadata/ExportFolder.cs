using System.Security.Cryptography;
using System.Text;
using AmsMigration.Conversion;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Infrastructure.Metadata;

/// <summary>The folder or container that an export goes to. Files appear whole or not at all. Safe for use by several threads.</summary>
internal sealed class ExportFolder(IOutputStore store)
{
    /// <summary>More than any list of an account: a million assets have about 800 MB.</summary>
    private const int MaxFile = 1 << 30;

    /// <summary>Characters of a name that stay; container and file systems take 255 bytes and more.</summary>
    private const int MaxName = 80;

    public string Location => store.Location;

    /// <summary>The folders of accounts in an export; or the one that is such a folder itself.</summary>
    /// <exception cref="PackagingException"><c>ExportNotFound</c>.</exception>
    public static IReadOnlyList<ExportFolder> FindAll(string path)
    {
        string[] folders = File.Exists(Path.Combine(path, ExportRecord.Path)) ? [path]
            : Directory.Exists(path) ? [.. Directory.EnumerateDirectories(path).Where(folder => File.Exists(Path.Combine(folder, ExportRecord.Path)))]
            : [];
        return folders.Length > 0
            ? [.. folders.Select(folder => new ExportFolder(new LocalOutputStore(folder)))]
            : throw new PackagingException("ExportNotFound", $"'{path}' holds no {ExportRecord.Path}: it is no export, nor a file with a key");
    }

    public string Locate(string path) => store.Locate(path);

    public Task<byte[]?> ReadAsync(string path, CancellationToken cancellation) => store.ReadAsync(path, MaxFile, cancellation);

    public Task WriteAsync(string path, byte[] content, CancellationToken cancellation) =>
        WriteAsync(path, content.Length, new MemoryStream(content, writable: false), cancellation);

    /// <param name="content">Of <paramref name="length"/> bytes; disposed here.</param>
    public async Task WriteAsync(string path, long length, Stream content, CancellationToken cancellation)
    {
        using (content)
        {
            using IOutputFile file = await store.CreateAsync(path, length, ContentType(path), null, cancellation).ConfigureAwait(false);
            byte[] buffer = new byte[Math.Min(Math.Max(1, length), 1 << 16)];
            for (int read; (read = await content.ReadAsync(buffer, 0, buffer.Length, cancellation).ConfigureAwait(false)) > 0;)
            {
                await file.WriteAsync(buffer, 0, read, cancellation).ConfigureAwait(false);
            }

            await file.CommitAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Takes the folder for one run.</summary>
    /// <exception cref="PackagingException"><c>OutputInUse</c>.</exception>
    public async Task<IOutputClaim> ClaimAsync(CancellationToken cancellation)
    {
        ClaimAttempt attempt = await store.TryClaimAsync(breakOther: false, cancellation).ConfigureAwait(false);
        return attempt.Claim ?? throw new PackagingException("OutputInUse", $"'{Location}' is being written by {attempt.HeldBy ?? "another run"}");
    }

    /// <summary>A file name for a resource, legal everywhere; where letters had to go, some of the name's hash keeps it apart from others.</summary>
    public static string FileName(string name)
    {
        string legal = PathTemplate.MakeLegal(name);
        string cut = legal.Length > MaxName ? legal.Substring(0, MaxName) : legal;
        return cut == name && cut.All(c => c < 127) ? cut : $"{Ascii(cut)}-{Hash(name)}";
    }

    private static string Ascii(string name) => new([.. name.Select(c => c < 127 ? c : '-')]);

    /// <summary>Names of Azure Resource Manager do not tell letter case apart.</summary>
    private static string Hash(string name)
    {
        using var sha = SHA256.Create();
        return string.Concat(sha.ComputeHash(Encoding.UTF8.GetBytes(name.ToLowerInvariant())).Take(4).Select(b => b.ToString("x2")));
    }

    private static string ContentType(string path) => Path.GetExtension(path) switch
    {
        ".json" => "application/json",
        ".yaml" => "application/yaml",
        ".csv" => "text/csv; charset=utf-8",
        _ => "application/jose",
    };
}
