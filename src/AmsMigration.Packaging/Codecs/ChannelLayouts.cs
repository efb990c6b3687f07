using System.Globalization;

namespace AmsMigration.Packaging.Codecs;

/// <summary>How manifests write channels.</summary>
internal static class ChannelLayouts
{
    private const string MpegScheme = "urn:mpeg:dash:23003:3:audio_channel_configuration:2011";
    private const string DolbyScheme = "tag:dolby.com,2014:dash:audio_channel_configuration:2011";
    private const string DtsScheme = "tag:dts.com,2014:dash:audio_channel_configuration:2012";

    /// <param name="configuration">ChannelConfiguration (ISO/IEC 23091-3), 0 where only the count is known.</param>
    public static (string Scheme, string Value)? Mpeg(int channels, int configuration = 0)
    {
        int value = configuration > 0 ? configuration : channels switch { >= 1 and <= 6 => channels, 7 => 11, 8 => 12, 24 => 13, _ => 0 };
        return value == 0 ? null : (MpegScheme, value.ToString(CultureInfo.InvariantCulture));
    }

    /// <param name="mask">ETSI TS 102 366 table E.1.4, left in the highest bit.</param>
    public static (string Scheme, string Value) Dolby(int mask) => (DolbyScheme, mask.ToString("X4", CultureInfo.InvariantCulture));

    public static (string Scheme, string Value) Dts(int channels) => (DtsScheme, channels.ToString(CultureInfo.InvariantCulture));
}
