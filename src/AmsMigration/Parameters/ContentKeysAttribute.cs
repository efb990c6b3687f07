using System.Collections;
using System.Globalization;
using System.Management.Automation;
using AmsMigration.Packaging;
using AmsMigration.Packaging.Presentations;
using AmsMigration.Packaging.Protection;

namespace AmsMigration.Parameters;

/// <summary>Takes content keys as <c>KEYID:KEY</c>, as hashtables, or as objects with KeyId and Key, e.g. of Import-Csv. No message repeats a key.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ContentKeysAttribute : ArgumentTransformationAttribute
{
    private const string Expected = "A content key is @{ KeyId = <guid>; Key = <32 hexadecimal digits, or Base64> }, with Kind = 'Video' or 'Audio' where it is not for all.";

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object data = inputData is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : inputData;
        return data is IList list ? list.Cast<object>().Select(Read).ToArray() : new[] { Read(data) };
    }

    private static ContentKey Read(object item)
    {
        object value = item is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : item;
        try
        {
            return value switch
            {
                ContentKey key => key,
                string text when text.Split(':') is { Length: 2 } parts => Create(parts[0], parts[1], null),
                IDictionary table => Create(table["KeyId"], table["Key"], table["Kind"]),
                PSObject other => Create(other.Properties["KeyId"]?.Value, other.Properties["Key"]?.Value, other.Properties["Kind"]?.Value),
                _ => throw new FormatException(),
            };
        }
        catch (Exception e) when (e is FormatException or PackagingException or ArgumentException or OverflowException)
        {
            // Neither as an inner exception: its text may quote what it could not read.
            throw new ArgumentTransformationMetadataException(Expected);
        }
    }

    private static ContentKey Create(object? id, object? key, object? kind) => new(
        id is Guid guid ? guid : Guid.Parse(Text(id)),
        key as byte[] ?? Parse(Text(key)),
        Text(kind) is { Length: > 0 } name ? (TrackKind)Enum.Parse(typeof(TrackKind), name, ignoreCase: true) : null);

    private static byte[] Parse(string text) => text.Length == 2 * ContentKey.Length
        ? [.. Enumerable.Range(0, ContentKey.Length).Select(i => byte.Parse(text.Substring(2 * i, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))]
        : Convert.FromBase64String(text);

    private static string Text(object? value) => Convert.ToString(value is PSObject wrapped ? wrapped.BaseObject : value, CultureInfo.InvariantCulture) ?? "";
}
