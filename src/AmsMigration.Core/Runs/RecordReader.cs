using System.Globalization;
using System.Runtime.Serialization.Json;
using System.Xml;
using System.Xml.Linq;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Storage;

namespace AmsMigration.Runs;

/// <summary>
/// Reads <c>_static.json</c>, which anybody may have written. The frameworks' reader that needs no package forgives an end that is cut off, so the state, which
/// is asked for, stands last in the file.
/// </summary>
internal static class RecordReader
{
    public const int Schema = 1;
    private const int MaxFiles = 1_000_000;

    private static readonly XmlDictionaryReaderQuotas Quotas = new()
    {
        MaxDepth = 8,
        MaxStringContentLength = 64 * 1024,
        MaxNameTableCharCount = 64 * 1024,
        MaxBytesPerRead = 1024 * 1024,
        MaxArrayLength = 64 * 1024,
    };

    /// <summary>Null where there is none.</summary>
    /// <exception cref="PackagingException"><c>RecordUnreadable</c>: it is no such record; what the store throws.</exception>
    public static async Task<OutputRecord?> ReadAsync(IOutputStore output, CancellationToken cancellation, string path = OutputRecord.Path)
    {
        byte[]? bytes = await output.ReadAsync(path, OutputRecord.MaxLength, cancellation).ConfigureAwait(false);
        return bytes is null ? null : Parse(bytes, output is IRemoteStore);
    }

    /// <summary>Of an output that is only read. Null where there is none that can be read.</summary>
    public static async Task<OutputRecord?> FindAsync(IAssetStore output, CancellationToken cancellation)
    {
        IReadOnlyList<AssetFile> files = await output.ListAsync(cancellation).ConfigureAwait(false);
        if (!files.Any(file => file.Path == OutputRecord.Path && file.Length <= OutputRecord.MaxLength))
        {
            return null;
        }

        using IByteSource source = await output.OpenAsync(OutputRecord.Path, cancellation).ConfigureAwait(false);
        var bytes = new byte[Math.Min(source.Length, OutputRecord.MaxLength)];
        int length = 0;
        int read;
        while (length < bytes.Length && (read = await source.ReadAsync(length, bytes, length, bytes.Length - length, cancellation).ConfigureAwait(false)) > 0)
        {
            length += read;
        }

        try
        {
            return Parse(bytes, output is IRemoteStore);
        }
        catch (PackagingException e) when (e.Code == "RecordUnreadable")
        {
            return null;
        }
    }

    /// <param name="isRemote">Of an output in a container, whose files may have names that no file system takes.</param>
    /// <exception cref="PackagingException"><c>RecordUnreadable</c>.</exception>
    internal static OutputRecord Parse(byte[] bytes, bool isRemote = false)
    {
        try
        {
            using XmlDictionaryReader reader = JsonReaderWriterFactory.CreateJsonReader(bytes, Quotas);
            XElement root = XElement.Load(reader);
            long schema = Number(root, "schema");
            if (schema != Schema)
            {
                throw Unreadable(string.Format(CultureInfo.InvariantCulture, "its schema is {0}, and {1} is known", schema, Schema));
            }

            return new OutputRecord
            {
                State = Enum.TryParse(Text(root, "state"), out RecordState state) && Enum.IsDefined(typeof(RecordState), state)
                    ? state
                    : throw Unreadable("its state is not known"),
                AssetName = Text(root, "asset"),
                Source = Text(root, "source"),
                Conversion = Text(root, "conversion"),
                Layout = Text(root, "layout"),
                Files = ReadFiles(root, isRemote),
                IsCopy = root.Element("presentations") is XElement presentations && !presentations.HasElements,
            };
        }
        catch (Exception e) when (e is XmlException or ArgumentException or InvalidOperationException or FormatException or OverflowException)
        {
            throw Unreadable(e.Message, e);
        }
    }

    private static List<KeyValuePair<string, long>> ReadFiles(XElement root, bool isRemote)
    {
        List<KeyValuePair<string, long>> files = [];
        var paths = new HashSet<string>(StringComparer.Ordinal);
        foreach (XElement item in Member(root, "files").Elements("item"))
        {
            string path = Text(item, "path");
            long length = Number(item, "length");
            if (!RelativePath.IsNameOf(path, isRemote) || path == OutputRecord.Path || length < 0 || !paths.Add(path) || files.Count == MaxFiles)
            {
                throw Unreadable($"'{path}' is no file of an output, or is there twice");
            }

            files.Add(new KeyValuePair<string, long>(path, length));
        }

        return files;
    }

    private static XElement Member(XElement parent, string name) => parent.Element(name) ?? throw Unreadable($"it has no '{name}'");

    private static string Text(XElement parent, string name) =>
        Member(parent, name) is XElement member && (string?)member.Attribute("type") == "string" ? member.Value : throw Unreadable($"its '{name}' is no text");

    private static long Number(XElement parent, string name) =>
        long.Parse(Member(parent, name).Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    private static PackagingException Unreadable(string reason, Exception? inner = null) =>
        new("RecordUnreadable", $"it does not say what the output is: {reason}", OutputRecord.Path, inner: inner);
}
