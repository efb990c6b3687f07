using System.Xml;

namespace AmsMigration.StreamingUrls.Map.Formats;

/// <summary>A rewriteMap of the URL Rewrite module of IIS. It compares decoded paths and does not tell letter case apart, as the service did not.</summary>
internal static class IisRules
{
    public const string MapName = "iis-rewriteMaps.config";

    public static void WriteMap(IReadOnlyList<StreamingRule> rules, TextWriter text)
    {
        using XmlWriter xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, OmitXmlDeclaration = true, NewLineChars = "\r\n", CloseOutput = false });
        xml.WriteComment(
            " Old addresses of Azure Media Services, for iis-web.config. Above 250 KB IIS refuses a file of configuration until the DWORD MaxWebConfigFileSizeInKB "
            + "of HKLM\\SOFTWARE\\Microsoft\\InetStp\\Configuration is greater. ");
        xml.WriteStartElement("rewriteMaps");
        xml.WriteStartElement("rewriteMap");
        xml.WriteAttributeString("name", "AmsStreamingUrls");
        xml.WriteAttributeString("defaultValue", "");
        foreach (StreamingRule rule in rules)
        {
            xml.WriteStartElement("add");
            xml.WriteAttributeString("key", rule.DecodedPath);
            xml.WriteAttributeString("value", rule.To);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    public static void WriteRule(TextWriter text) => text.Write(
        $$$"""
        <!-- Into the site's web.config, with {{{MapName}}} beside it. -->
        <configuration>
          <system.webServer>
            <rewrite>
              <rewriteMaps configSource="{{{MapName}}}" />
              <rules>
                <rule name="Old addresses of Azure Media Services" stopProcessing="true">
                  <match url="\.isml?/manifest" ignoreCase="true" />
                  <conditions>
                    <add input="{AmsStreamingUrls:{PATH_INFO}}" pattern="^(.+)$" />
                  </conditions>
                  <action type="Redirect" url="{C:1}" redirectType="Found" appendQueryString="false" />
                </rule>
              </rules>
              <!-- Players on other sites need the header on the redirection, too. -->
              <outboundRules>
                <rule name="CORS on redirections">
                  <match serverVariable="RESPONSE_Access_Control_Allow_Origin" pattern=".*" />
                  <conditions>
                    <add input="{RESPONSE_STATUS}" pattern="^302" />
                  </conditions>
                  <action type="Rewrite" value="*" />
                </rule>
              </outboundRules>
            </rewrite>
          </system.webServer>
        </configuration>

        """.Replace("\r", "").Replace("\n", "\r\n"));
}
