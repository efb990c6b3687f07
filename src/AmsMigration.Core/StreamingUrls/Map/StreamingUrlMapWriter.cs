using System.Text;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Storage;
using AmsMigration.StreamingUrls.Map.Formats;

namespace AmsMigration.StreamingUrls.Map;

/// <summary>Writes the files of a map into a folder. Each appears whole or not at all.</summary>
internal static class StreamingUrlMapWriter
{
    /// <param name="overwrite">Replace files that are there, and remove those of an earlier, longer map.</param>
    /// <exception cref="PackagingException"><c>OutputExists</c>; <c>OutputUnwritable</c>, <c>OutputFull</c>.</exception>
    public static async Task WriteAsync(
        StreamingUrlMap map, IReadOnlyList<StreamingRule> rules, string folder, IReadOnlyCollection<AmsStreamingUrlMapFormat> formats, bool overwrite, CancellationToken cancellation)
    {
        MapFile[] files = [.. formats.Distinct().OrderBy(format => format).SelectMany(format => MapFile.Of(format, map, rules))];
        if (!overwrite && files.FirstOrDefault(file => File.Exists(Path.Combine(folder, file.Name))) is MapFile there)
        {
            throw new PackagingException("OutputExists", "the file is there already", Path.Combine(folder, there.Name));
        }

        var store = new LocalOutputStore(folder);
        foreach (MapFile file in files)
        {
            await WriteAsync(store, file, cancellation).ConfigureAwait(false);
        }

        if (overwrite && formats.Contains(AmsStreamingUrlMapFormat.FrontDoor) && Directory.Exists(folder))
        {
            foreach (string path in Directory.EnumerateFiles(folder, MapFile.FrontDoorPrefix + "*.json").Where(path => files.All(file => file.Name != Path.GetFileName(path))))
            {
                await store.DeleteAsync(Path.GetFileName(path), cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>By way of a temporary file: a store wants to know how long a file will be, and a map may be as long as its owner's archive.</summary>
    private static async Task WriteAsync(LocalOutputStore store, MapFile file, CancellationToken cancellation)
    {
        using var spool = new FileStream(Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        using (var text = new StreamWriter(spool, new UTF8Encoding(file.HasByteOrderMark), 1 << 16, leaveOpen: true) { NewLine = "\n" })
        {
            file.Write(text);
        }

        spool.Position = 0;
        using IOutputFile output = await store.CreateAsync(file.Name, spool.Length, ContentTypes.Of(file.Name), null, cancellation).ConfigureAwait(false);
        byte[] buffer = new byte[1 << 16];
        for (int read; (read = await spool.ReadAsync(buffer, 0, buffer.Length, cancellation).ConfigureAwait(false)) > 0;)
        {
            await output.WriteAsync(buffer, 0, read, cancellation).ConfigureAwait(false);
        }

        await output.CommitAsync(cancellation).ConfigureAwait(false);
    }
}
